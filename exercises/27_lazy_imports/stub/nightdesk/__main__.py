"""Ask the night desk.

    python -m nightdesk tide DAY
    python -m nightdesk chart PLACE
    python -m nightdesk signals
"""

from nightdesk import desk

desk.main()
