"""Speech: whose words every stretch of a document is in."""
