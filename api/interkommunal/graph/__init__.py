"""The first room: reads what people write and puts the whole graph together.

In: the folders of a :class:`~interkommunal.content.Content`. Out: an
:class:`~interkommunal.graph.assemble.Assembly`, a dataset of named graphs in which every triple says, through its
graph, who says so. Also here, because they know the same files: the canonical form of Turtle and TriG (``format``)
and the scaffold for a new text (``scaffold``).
"""
