"""What is known of somebody's taste, worded offline."""
