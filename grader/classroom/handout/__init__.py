"""What goes out: releases for students, pages of feedback, an autograder for Gradescope."""
