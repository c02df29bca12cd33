"""What an instructor hands out: releases for students, feedback pages, an autograder for Gradescope."""
