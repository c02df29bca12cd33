"""Run the signals as a program: python -m merrow_signals COMMAND TEXT."""

from merrow_signals import main

raise SystemExit(main())
