"""The SQLite database: its tables and views (``schema.sql``) and the rows that go into them."""
