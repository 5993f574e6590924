"""What a radiologist would write of a phantom, in one of several styles."""
