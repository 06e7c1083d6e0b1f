"""What all commands share: finding them, the terminal, how errors of use are told."""
