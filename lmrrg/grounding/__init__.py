"""Why a sentence stands in a report: sentence → regions → pixels, and where the image says otherwise."""
