"""What dbt puts before every template: one function a name. A file here is found by being here."""
