"""The same eight checks for check50."""

import check50


def _declare(number):
    def adds():
        check50.run(f"python3 tally.py {number}+{number}").stdout(f"{2 * number} ships").exit(0)

    adds.__name__ = f"adds_{number}"
    adds.__doc__ = f"adds {number} and {number}"
    return check50.check()(adds)


(adds_1, adds_2, adds_3, adds_4, adds_5, adds_6, adds_7, adds_8) = map(_declare, range(1, 9))
