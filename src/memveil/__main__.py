"""python -m memveil."""

from memveil.cli.main import main

if __name__ == "__main__":
    main()
