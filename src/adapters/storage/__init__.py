"""Files and pictures: obstore and Pillow."""
