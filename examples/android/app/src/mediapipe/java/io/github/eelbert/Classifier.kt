package io.github.eelbert

import android.content.Context
import com.google.mediapipe.tasks.text.textclassifier.TextClassifier

/** The model as a MediaPipe task: text in, labels out. One text at a time. */
class Classifier(context: Context) : AutoCloseable {
    private val task = TextClassifier.createFromFile(context, "model.tflite")

    /** The likeliest labels of a text, and their probabilities. */
    @Synchronized
    fun classify(text: String, count: Int = 3): List<Pair<String, Float>> {
        val categories = task.classify(text).classificationResult().classifications()[0].categories()
        return categories.take(count).map { it.categoryName() to it.score() }
    }

    override fun close() = task.close()
}
