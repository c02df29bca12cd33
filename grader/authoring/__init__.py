"""What an author does: prove that exercises are fair."""
