"""What the formats that are pictures share."""
