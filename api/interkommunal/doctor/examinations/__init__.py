"""The examinations: each looks at one side of a harvest and yields findings, in the order of the catalogue.

In goes a :class:`~interkommunal.doctor.harvest.Harvest`, with the client where an examination has to ask further.
"""
