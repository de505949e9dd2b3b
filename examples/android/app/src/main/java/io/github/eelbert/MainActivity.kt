package io.github.eelbert

import android.app.Activity
import android.os.Bundle
import android.text.Editable
import android.text.TextWatcher
import android.widget.EditText
import android.widget.TextView
import java.util.Locale
import java.util.concurrent.Executors

/** Classifies what is typed, off the main thread. */
class MainActivity : Activity() {
    private val worker = Executors.newSingleThreadExecutor()
    private lateinit var classifier: Classifier

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.activity_main)
        worker.execute { classifier = Classifier(this) }
        val text = findViewById<EditText>(R.id.text)
        text.addTextChangedListener(object : TextWatcher {
            override fun afterTextChanged(text: Editable) = show(text.toString())

            override fun beforeTextChanged(text: CharSequence, start: Int, count: Int, after: Int) = Unit

            override fun onTextChanged(text: CharSequence, start: Int, before: Int, count: Int) = Unit
        })
        show(text.text.toString())
    }

    private fun show(text: String) {
        worker.execute {
            val start = System.nanoTime()
            val labels = classifier.classify(text)
            val milliseconds = (System.nanoTime() - start) / 1e6
            val lines = labels.map { (label, share) -> "%s %.1f %%".format(Locale.ROOT, label, 100 * share) }
            val answer = (lines + "%.1f ms".format(Locale.ROOT, milliseconds)).joinToString("\n")
            runOnUiThread { findViewById<TextView>(R.id.answer).text = answer }
        }
    }

    override fun onDestroy() {
        worker.execute { classifier.close() }
        worker.shutdown()
        super.onDestroy()
    }
}
