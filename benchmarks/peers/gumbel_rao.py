"""GR-MCK in PyTorch tensor operations, written from the equations: sample and backward pass of a linear cost.

    python3 gumbel_rao.py [--threads N] [--seconds S] [--samples 10,100,1000] [--gst CLONE]

Given D = e_i, a draw of theta + G is x_i = -log E_i and x_j = -log(E_j / p_j + E_i) with E iid Exp(1); the gradient is
the mean over K draws of (diag s - s s^T) g / tau with s = softmax(x / tau). With --gst, the published implementation
(README.md) in its place.
"""
import argparse
import sys

import threads
import torch

import report

WORKLOADS = [(20, 240, 2), (20, 120, 4), (20, 80, 8), (20, 60, 16), (200, 60, 16), (50, 1, 49)]
MEMORY_LIMIT = 2 << 30
LIVE_TENSORS = {False: 4, True: 10}  # of K x batch x variables x n floats at the peak, of ours and of the published one


class GumbelRao(torch.autograd.Function):
    @staticmethod
    def forward(ctx, log_probs, samples, temperature):
        winner = (log_probs - torch.empty_like(log_probs).exponential_().log()).argmax(-1, keepdim=True)
        value = torch.zeros_like(log_probs).scatter_(-1, winner, 1)
        ctx.save_for_backward(log_probs, value)
        ctx.samples, ctx.temperature = samples, temperature
        return value

    @staticmethod
    def backward(ctx, gradient):
        log_probs, value = ctx.saved_tensors
        noise = log_probs.new_empty((ctx.samples, *log_probs.shape)).exponential_()      # [K, ..., n]
        top = (noise * value).sum(-1, keepdim=True)                                      # [K, ..., 1]
        perturbed = torch.where(value > 0, -top.log(), -(noise / log_probs.exp() + top).log())
        soft = (perturbed / ctx.temperature).softmax(-1)
        weighted = soft * gradient
        product = weighted - soft * weighted.sum(-1, keepdim=True)
        return product.mean(0) / ctx.temperature, None, None


def published(clone):
    """The function of GST's authors, from a clone of their repository, with the arguments of GumbelRao.apply."""
    sys.path.insert(0, clone)
    from model.basic import rao_gumbel
    return lambda logits, samples, temperature: rao_gumbel(logits, temperature, repeats=samples)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3, help="a case; more where five rounds take longer")
    parser.add_argument("--samples", default="10,100,1000", help="K, separated by commas")
    parser.add_argument("--temperature", type=float, default=0.5)
    parser.add_argument("--gst", metavar="CLONE", help="time the published implementation, in this clone of its repository")
    options = parser.parse_args()
    if options.gst:
        name, estimator = "GR-MCK, the implementation published with GST", published(options.gst)
    else:
        name, estimator = "GR-MCK in PyTorch operations", lambda logits, *rest: GumbelRao.apply(logits.log_softmax(-1), *rest)
    torch.set_num_threads(threads.COUNT)
    torch.manual_seed(1)
    rows = []
    for shape in WORKLOADS:
        logits = torch.randn(shape, requires_grad=True)
        weights = torch.randn(shape)
        for samples in map(int, options.samples.split(",")):
            case = f"{list(shape)}, K = {samples}"
            if logits.numel() * samples * 4 * LIVE_TENSORS[bool(options.gst)] > MEMORY_LIMIT:
                report.progress(f"{case}: left out, more than {MEMORY_LIMIT >> 30} GiB")
                continue

            def run():
                logits.grad = None
                value = estimator(logits, samples, options.temperature)
                (value * weights).sum().backward()

            rows.append({"case": case, "milliseconds": report.time_in_milliseconds(run, options.seconds)})
            report.progress(f"{case}: {rows[-1]['milliseconds']['median']:.3g} ms")
    print(report.line(name, rows))


if __name__ == "__main__":
    main()
