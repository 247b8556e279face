"""Claims: the kinds of statement that editorial rule books want attributed."""
