"""``python -m backpropviz``: the command where the folder of scripts is not on the path, as often on Windows."""

from backpropviz.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
