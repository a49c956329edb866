"""Lenses as the edge does them: data that each worker loads by digest."""
