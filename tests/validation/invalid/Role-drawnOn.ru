# No body draws members from a role.
DELETE WHERE { GRAPH ?passage { unit:regiegruppe ik:drawsMembersFrom role:dezernent-in } }
