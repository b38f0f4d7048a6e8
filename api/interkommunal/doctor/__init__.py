"""What portals would make of a catalogue: replays their harvest over HTTP and says what they would stumble over.

Stands outside the rooms, as a client does: in go the address of any DCAT catalogue, ours or another's, and what was
seen there before; out comes a :class:`~interkommunal.doctor.diagnosis.Diagnosis`. It reads only http and https, writes
nothing but the state of a visit, and takes no word of a document as a path or a command.
"""
