"""When access that ends is near its end."""

from datetime import timedelta

# So long before a grant runs out it stands on the manager's list.
NEAR = timedelta(days=30)
MOST_ENDING = 100
MOST_LEFT = 20
PAGE_SIZE = 50
EVERY_CASE = (
    "Every child and episode of the partnership, but restricted records where nobody named them."
)
SHARED = "The children below, who are shared with their agency, its services or themselves."
NO_CASE = "No child's record: their role opens none."
NOTHING = "Nothing: they hold no post today."
