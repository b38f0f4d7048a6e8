"""Links to other authorities for people and programs: mapping sets, redirects from their identifiers, federation."""
