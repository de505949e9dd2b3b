"""Where tf2onnx's translation of integer operations gives other bits than TensorFlow, and a cure.

Each was seen to differ with tf2onnx 1.17 and onnxruntime 1.32:

- a bitwise exclusive or is unknown to tf2onnx; the operation of opset 18 has the same name;
- a shift to the right would fill with zeros, not with the sign;
- `ScatterND` would keep the last of the values of one place, not their sum;
- a sum of int32 would not wrap around.
"""

import numpy as np
from onnx import TensorProto, helper, shape_inference


def handlers():
    """`custom_op_handlers` for tf2onnx."""
    return {"BitwiseXor": (_same_name, []), "RightShift": (_right_shift, [])}


def repaired(model):
    """A model whose sums, scattered or not, are those of TensorFlow.

    Args:
        model: `onnx.ModelProto` from tf2onnx.
    """
    values = shape_inference.infer_shapes(model).graph.value_info
    types = {value.name: value.type.tensor_type.elem_type for value in values}
    nodes = []
    for node in model.graph.node:
        if node.op_type == "ScatterND":
            node.attribute.append(helper.make_attribute("reduction", "add"))
        if node.op_type == "ReduceSum" and types.get(node.input[0]) == TensorProto.INT32:
            nodes += _wrapping_sum(node)
        else:
            nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def _wrapping_sum(node):
    """The sum in int64, of which a cast keeps the low half."""
    wide, total = f"{node.name}_wide", f"{node.name}_total"
    first = helper.make_node("Cast", [node.input[0]], [wide], to=TensorProto.INT64)
    last = helper.make_node("Cast", [total], [node.output[0]], to=TensorProto.INT32)
    node.input[0], node.output[0] = wide, total
    return [first, node, last]


def _same_name(context, node, name, arguments):
    return node


def _right_shift(context, node, name, arguments):
    """Division, which rounds to 0: of the complement where a number is negative."""
    number, amount = node.input
    amount = int(context.get_node_by_output(amount).get_tensor_value(as_list=False))
    outputs, shapes, types = node.output, node.output_shapes, node.output_dtypes
    context.remove_node(node.name)

    def constant(suffix, value):
        return context.make_const(f"{name}_{suffix}", np.array(value, "int32")).output[0]

    def computed(operation, *inputs, **how):
        return context.make_node(operation, list(inputs), **how).output[0]

    negative = computed("Less", number, constant("zero", 0))
    # All bits set where it is negative.
    sign = computed("Neg", computed("Cast", negative, attr={"to": TensorProto.INT32}))
    quotient = computed("Div", computed("BitwiseXor", number, sign), constant("by", 1 << amount))
    return context.make_node(
        "BitwiseXor", [quotient, sign], name=name, outputs=outputs, shapes=shapes, dtypes=types
    )
