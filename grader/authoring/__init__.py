"""What an author does: begin an exercise, and prove that it is fair."""
