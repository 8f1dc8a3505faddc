"""Who is who: partnerships, agencies, people in posts, services."""
