"""After the model: cuts, optical flow, measures. numpy and OpenCV, no torch."""
