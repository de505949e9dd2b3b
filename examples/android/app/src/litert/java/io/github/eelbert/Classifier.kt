package io.github.eelbert

import android.content.Context
import com.google.ai.edge.litert.Accelerator
import com.google.ai.edge.litert.CompiledModel

/** The model by LiteRT alone. One text at a time: its buffers are shared. */
class Classifier(context: Context) : AutoCloseable {
    private val assets = context.assets
    private val cpu = CompiledModel.Options(Accelerator.CPU)
    private val model = CompiledModel.create(assets, "model.tflite", cpu)
    private val inputs = model.createInputBuffers()
    private val outputs = model.createOutputBuffers()
    private val labels = EelbertText.labels(assets.open("labels.txt").reader())

    /** The likeliest labels of a text, and their probabilities. */
    @Synchronized
    fun classify(text: String, count: Int = 3): List<Pair<String, Float>> {
        inputs[0].writeInt(EelbertText.codePoints(text, MAX_CHARACTERS))
        model.run(inputs, outputs)
        val probabilities = outputs[0].readFloat()
        return EelbertText.top(probabilities, count).map { labels[it] to probabilities[it] }
    }

    override fun close() {
        (inputs + outputs).forEach { it.close() }
        model.close()
    }

    private companion object {
        const val MAX_CHARACTERS = 512 // of eelbert.json inside the model
    }
}
