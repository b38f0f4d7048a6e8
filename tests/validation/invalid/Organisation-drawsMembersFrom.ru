# The steering group draws members from a city.
INSERT DATA { GRAPH graph:editorial { unit:regiegruppe ik:drawsMembersFrom city:essen } }
