"""The document: shots with their recipes, previews and takes, as one file that loses nothing."""
