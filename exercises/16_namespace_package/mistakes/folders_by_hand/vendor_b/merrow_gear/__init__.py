from pathlib import Path

__path__[:] = [str(Path(__file__).parents[2] / vendor / "merrow_gear") for vendor in ("vendor_a", "vendor_b")]
