"""The order of the stages, and who carries them out. The stages know nothing of each other."""
