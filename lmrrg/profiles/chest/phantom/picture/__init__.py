"""From anatomy and disease to grey values."""
