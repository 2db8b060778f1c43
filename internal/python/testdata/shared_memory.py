"""A section's own program, which the twin of the tests imports."""
KETTLES = 2


if __name__ == "__main__":
    print("two kettles")
