# What a lost picture showed is asserted.
INSERT DATA { GRAPH graph:editorial { caption:forum-2009 ik:depicts event:forum-2009 } }
