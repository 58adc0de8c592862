"""The output of every layer of a torchvision network, by our names."""

import re

import torch


def calls(model, x):
    """Every call of every module, in order: name, module, input, output."""
    seen = []
    for name, module in model.named_modules():
        if hasattr(module, "inplace"):
            module.inplace = False
        copy = lambda x: x.clone() if isinstance(x, torch.Tensor) else x  # some functions overwrite
        hook = lambda m, i, o, name=name: seen.append((name, m, copy(i[0]), copy(o)))
        module.register_forward_hook(hook)
    with torch.no_grad():
        model(x)
    return seen


def layers(model, x, names):
    """The output of every layer by our names: torchvision's unless `names` has another."""
    made, modules = {}, dict(model.named_modules())
    for name, module, given, output in calls(model, x):
        kind, parent = type(module).__name__, type(modules[name.rpartition(".")[0]]).__name__
        if kind == "Conv2d":
            made.setdefault("normalize", given)
        if kind == "Linear":
            made.setdefault("flatten", given)
        if kind in ("BasicBlock", "Bottleneck", "Dropout", "Sequential", "_DenseLayer", "_Transition"):
            continue
        if kind == "ReLU" and parent in ("BasicBlock", "Bottleneck"):
            made[name.replace("relu", "add")] = given  # the last call's input is the sum
            name += str(1 + sum(re.fullmatch(re.escape(name) + r"\d", n) is not None for n in made))
        if kind == "BasicConv2d":
            name += ".relu"
        if kind == "SqueezeNet":
            name = "flatten"
        if layer := re.fullmatch(r"(.*denselayer)(\d+)\.norm1", name):
            made[f"{layer[1]}{int(layer[2]) - 1}.cat"] = given
        if kind == "_DenseBlock":
            name += f".denselayer{len(module)}.cat"
        if name:
            made[names.get(name, name)] = output
    made = {name: output for name, output in made.items() if "denselayer0" not in name}
    if "features.norm5" in made:
        made["features.relu5"] = made["features.norm5"].relu()
        made["avgpool"] = made["flatten"][:, :, None, None]
    return made


def lecture_names(model):
    """Our names for what AlexNet and VGG call features.0, features.1, ..."""
    names, block, conv = {}, 1, 0
    alexnet = type(model).__name__ == "AlexNet"
    for i, module in enumerate(model.features):
        kind = {"Conv2d": "conv", "BatchNorm2d": "bn", "ReLU": "relu", "MaxPool2d": "pool"}[type(module).__name__]
        conv += kind == "conv"
        at = conv if alexnet else block if kind == "pool" else f"{block}_{conv}"
        names[f"features.{i}"] = f"{kind}{at}"
        if kind == "pool" and not alexnet:
            block, conv = block + 1, 0
    linear = [i for i, m in enumerate(model.classifier) if type(m).__name__ != "Dropout"]
    ours = ["fc6", "relu6", "fc7", "relu7", "fc8"]
    return names | {f"classifier.{i}": name for i, name in zip(linear, ours)}
