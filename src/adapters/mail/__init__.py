"""Letters by SMTP, in a Maildir or in memory, and their templates."""
