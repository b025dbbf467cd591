"""OpenEXR: headers kept byte by byte, layers and views, plates read and written again."""
