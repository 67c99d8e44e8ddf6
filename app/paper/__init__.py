"""Paper as people meet it: laid out, printed, and read back at the desk."""
