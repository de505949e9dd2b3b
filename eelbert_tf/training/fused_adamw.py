"""`FusedAdamW`: Keras' AdamW, in one operation for each variable."""

import keras


@keras.saving.register_keras_serializable(package="eelbert_tf")
class FusedAdamW(keras.optimizers.AdamW):
    """AdamW (Loshchilov and Hutter, 2019, arXiv 1711.05101) by TensorFlow's fused kernel.

    It takes the arguments of `keras.optimizers.AdamW` and takes the same steps. That class has a
    dozen operations for each variable, each of which writes as many numbers: for a BERT with a
    table of 30,522 WordPieces, a good part of the time of training on a CPU. Here it is one that
    reads gradient and moments once. On TensorFlow, gradients of a table's row that occurs several
    times in a batch are added up before they are squared, as Adam is defined and as JAX does it;
    Keras squares them one by one. Other backends and `amsgrad` take Keras' own operations.

    Example:

    ```python
    classifier.compile(optimizer=FusedAdamW(1e-3))
    ```
    """

    def update_step(self, gradient, variable, learning_rate):
        if keras.config.backend() != "tensorflow":
            super().update_step(gradient, variable, learning_rate)
            return
        import tensorflow as tf

        gradient = tf.convert_to_tensor(gradient)
        if self.amsgrad:
            super().update_step(gradient, variable, learning_rate)
            return
        place = self._get_variable_index(variable)
        moments = [m[place].value for m in (self._momentums, self._velocities)]
        variable = variable.value if isinstance(variable, keras.Variable) else variable
        dtype = variable.dtype
        beta_1, beta_2 = tf.constant(self.beta_1, dtype), tf.constant(self.beta_2, dtype)
        step = tf.cast(self.iterations + 1, dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=moments[0].handle,
            v=moments[1].handle,
            beta1_power=tf.pow(beta_1, step),
            beta2_power=tf.pow(beta_2, step),
            lr=tf.cast(learning_rate, dtype),
            beta1=beta_1,
            beta2=beta_2,
            epsilon=tf.constant(self.epsilon, dtype),
            grad=tf.cast(gradient, dtype),
        )
