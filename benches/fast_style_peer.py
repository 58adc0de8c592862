"""The peer of fast_style.rs: onnxruntime on the ONNX file of the same 26 styles.

Answers requests on stdin, `FILE.onnx FOLDER STYLE PICTURES`, with the seconds that one picture takes.
`FOLDER/photo.npy` is painted; the painting is left as `painted.npy`.
"""

import sys
import time

import numpy
import onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(sys.argv[1])
sessions = {}
for line in sys.stdin:
    file, folder, style, pictures = line.split()
    if file not in sessions:
        providers = ["CPUExecutionProvider"]
        sessions[file] = onnxruntime.InferenceSession(file, options, providers=providers)
    weights = numpy.zeros(26, numpy.float32)
    weights[int(style)] = 1
    feed = {"image": numpy.load(f"{folder}/photo.npy"), "style_weights": weights}
    (made,) = sessions[file].run(None, feed)
    numpy.save(f"{folder}/painted.npy", made)
    start = time.perf_counter()
    for _ in range(int(pictures)):
        sessions[file].run(None, feed)
    print((time.perf_counter() - start) / int(pictures), flush=True)
