"""The browsers that stories and pictures can be had with, the quickest first; nothing here needs Django."""

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
