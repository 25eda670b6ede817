"""The number of threads of a script, --threads. To be imported before torch: OpenBLAS reads its own when it is loaded, and
torch.set_num_threads does not reach it."""
import argparse
import os

_parser = argparse.ArgumentParser(add_help=False)
_parser.add_argument("--threads", type=int, default=1)
COUNT = _parser.parse_known_args()[0].threads
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(COUNT)
