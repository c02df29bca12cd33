"""The same eight checks the usual way: the learner's module is imported into the test process."""

import pytest
import tally


@pytest.mark.parametrize("number", range(1, 9))
def test_adds(number, capsys):
    """It adds."""
    print(f"{tally.tally(f'{number}+{number}')} ships")
    assert capsys.readouterr().out.strip() == f"{2 * number} ships"
