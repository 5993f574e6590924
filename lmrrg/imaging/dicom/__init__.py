"""DICOM: its tags, tables and pixels, the way to a radiograph, and back."""
