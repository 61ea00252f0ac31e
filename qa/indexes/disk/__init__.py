"""The index `disk:PATH`: versions on one machine, for up to some million passages.

A version is a folder that never changes. Its words are found by tantivy and its records read from mapped files, so a
process needs little memory of its own and several share what is read.

    PATH/index            says what this folder is
    PATH/current          the name of the version that is served
    PATH/lock             held while a version is made or removed
    PATH/versions/NAME/   contents.json (every file with its size and checksums), sections, the index of tantivy
    PATH/building-*/      a version that is being made; left over if that was interrupted, and removed by the next one
"""
