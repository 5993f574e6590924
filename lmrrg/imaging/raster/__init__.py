"""Pictures that are no DICOM files: PNG, JPEG, TIFF, BMP and WebP."""
