"""The page for those who run Soty."""
