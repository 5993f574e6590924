"""The frame around the pages: bar, foot, router, and the Gradio application that they stand in."""
