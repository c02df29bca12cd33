"""What only Python 3.15 and newer can read."""

lazy from nightdesk import almanac, charts
