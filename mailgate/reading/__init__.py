"""Reading of mails (R12): from the bytes that came to what the mail asks. Nothing here waits, and nothing raises."""
