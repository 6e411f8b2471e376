"""The command line. Only modules in here import dbt."""
